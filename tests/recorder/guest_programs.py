"""Commands of Debian's programs whose output is the same each time: what they print must not depend on who records them."""
import os
import shutil

# FOLDER is an empty folder; words.txt and program.cpp lie in it. Those with a shell in front are chains of programs.
COMMANDS = [
    ["/bin/sh", "-c", "for i in 1 2 3; do echo $i | cat; done; exit 3"],
    ["/bin/bash", "-c", "a=(x y z); for i in {1..200}; do a+=($(echo $i)); done; echo ${#a[@]}"],
    ["ls", "-a", "/usr/bin"],
    ["sort", "-r", "FOLDER/words.txt"],
    ["sed", "-E", "s/([0-9]+) (.*)/\\2 \\1/", "FOLDER/words.txt"],
    ["grep", "-c", "9$", "FOLDER/words.txt"],
    ["mawk", "{ n[$1 % 7] += $1 } END { for (i = 0; i < 7; i++) print n[i] }", "FOLDER/words.txt"],
    ["gawk", "{ n[$1 % 7] = n[$1 % 7] $2 } END { print length(n[3]) }", "FOLDER/words.txt"],
    ["find", "/usr/share/doc", "-maxdepth", "1", "-name", "a*"],
    ["tar", "-C", "FOLDER", "--sort=name", "--mtime=@0", "-cf", "-", "words.txt"],
    ["gzip", "-9nc", "FOLDER/words.txt"],
    ["bzip2", "-c", "FOLDER/words.txt"],
    ["xz", "-T2", "-c", "FOLDER/words.txt"],
    ["zstd", "-q", "-c", "FOLDER/words.txt"],
    ["sqlite3", ":memory:", "create table t(a); insert into t values (1), (2), (3); select sum(a), hex(max(a)) from t;"],
    ["jq", "-c", "-n", "[range(100)] | map(select(. % 7 == 0)) | add"],
    ["perl", "-e", "print join(',', sort map { $_ * 7 % 101 } 1 .. 100), qq(\\n); exit 4"],
    ["/usr/bin/python3", "-I", "-c", "import json, re, subprocess; print(json.dumps(sorted(set(re.findall('.', 'recorder')))));"
                                     "print(subprocess.run(['/bin/echo', 'child'], capture_output=True).stdout)"],
    ["git", "hash-object", "FOLDER/words.txt"],
    ["openssl", "dgst", "-sha256", "FOLDER/words.txt"],
    ["curl", "--silent", "file://FOLDER/words.txt"],
    ["cmake", "-E", "sha256sum", "FOLDER/words.txt"],
    ["/bin/sh", "-c", "g++ -O1 FOLDER/program.cpp -o FOLDER/program && FOLDER/program"],
    ["diff", "FOLDER/words.txt", "FOLDER/program.cpp"],
    ["bc", "-q", "FOLDER/sum.bc"],
    ["make", "--silent", "-f", "FOLDER/Makefile"],
    ["file", "/bin/true"],
    ["tclsh", "FOLDER/list.tcl"],
    ["redis-server", "--version"],  # has an allocator of its own, jemalloc
    ["cat", "/no/such/file"],
    ["false"],
    ["/bin/sh", "-c", "kill -TERM $$"],
]
FEWEST = 20

FILES = {
    "words.txt": "".join("%d word-%d\n" % (i, i * i) for i in range(3000)),
    "program.cpp": "#include <iostream>\n#include <map>\nint main() { std::map<int, int> m{{1, 2}}; std::cout << m.at(1) << '\\n'; }\n",
    "sum.bc": "scale=50\ne(1)+4*a(1)\n2^500\nquit\n",
    "Makefile": "all: a b\n\t@echo $(words $(wildcard /etc/*))\na b:\n\t@echo $@\n",
    "list.tcl": "for {set i 0} {$i < 100} {incr i} {lappend list [expr {$i * $i}]}\nputs [llength [lsort $list]]\n",
}


def write_files(folder):
    for name, text in FILES.items():
        with open(os.path.join(folder, name), "w", encoding="ascii") as file:
            file.write(text)


def commands(folder):
    """All whose program is installed; says which are not."""
    write_files(folder)
    for name, *arguments in COMMANDS:
        # A pyenv or the like in front of Debian's own is a script.
        program = shutil.which(name, path="/usr/bin:/bin")
        if program is None:
            print("SKIPPED: %s is not installed" % name)
        else:
            yield [program] + [argument.replace("FOLDER", folder) for argument in arguments]
