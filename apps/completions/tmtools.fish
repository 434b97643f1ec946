# fish completion for the tools: for the one that the file is named after where it is installed.
# tests/house/completions.py compares it with --help.

set -l tool (basename (status filename) .fish)
set -l sort_keys size count average name

complete -c $tool -s h -l help -d 'Show the options and exit'
complete -c $tool -s V -l version -d 'Show the version and exit'
complete -c $tool -l input-format -x -a 'tms tracemalloc' -d 'Read as this format'
complete -c $tool -l salvage -d 'Read what is left of a damaged file'

if test $tool = tminfo
    complete -c $tool -l verify -d 'Decode and check every byte'
    complete -c $tool -l json -d 'Print as JSON'
    complete -c $tool -l bytes -d 'Exact bytes'
    complete -c $tool -l color -x -a 'auto always never' -d 'Whether to colour tables'
    exit
end

complete -c $tool -l timing -d 'Say what each step took'

if test $tool = tmconvert
    complete -c $tool -l to -x -a 'tms tracemalloc json folded' -d 'Write this format'
    complete -c $tool -l level -x -d 'Compress so hard, 1 to 22'
    complete -c $tool -l amount -x -a 'size count' -d 'What the number of a folded line is'
    complete -c $tool -l totals-only -d 'Drop single blocks, keep the sums of each traceback'
    complete -c $tool -s q -l quiet -d 'Do not say what the format cannot carry'
    complete -c $tool -l list -d 'Show the formats and what each can carry'
    complete -c $tool -l json -d 'Show the --list as JSON'
    exit
end

complete -c $tool -s g -l group-by -x -a 'lineno filename traceback' -d 'What blocks are grouped by'
complete -c $tool -s c -l cumulative -d 'Charge every frame of a traceback, each key once a block'
complete -c $tool -l count-recursion -d 'Cumulative as CPython counts, recursion again'
complete -c $tool -s i -l include -x -d 'Keep blocks whose most recent frame matches'
complete -c $tool -s x -l exclude -x -d 'Drop blocks whose most recent frame matches'
complete -c $tool -s I -l include-any -x -d 'Keep blocks with a matching frame anywhere'
complete -c $tool -s X -l exclude-any -x -d 'Drop blocks with a matching frame anywhere'
complete -c $tool -l domain -x -d 'Keep blocks of this domain'
complete -c $tool -l exclude-domain -x -d 'Drop blocks of this domain'
complete -c $tool -l min-size -x -d 'Keep blocks of at least this size'
complete -c $tool -l max-size -x -d 'Keep blocks of at most this size'
complete -c $tool -s n -l limit -x -d 'Rows to show, 0 is all'
complete -c $tool -s r -l reverse -d 'Reverse the order'
complete -c $tool -s f -l format -x -a 'table tracemalloc json csv markdown' -d 'How to print'
complete -c $tool -l json -d 'Short for --format json'
complete -c $tool -s P -l filename-parts -x -d 'Keep the last parts of a path'
complete -c $tool -l source -d 'Show the source line under each row'
complete -c $tool -l source-root -x -a '(__fish_complete_directories)' -d 'Show source lines of files under this directory'
complete -c $tool -l bytes -d 'Exact bytes in tables'
complete -c $tool -l color -x -a 'auto always never' -d 'Whether to colour tables'
complete -c $tool -l most-recent-first -d 'Order and name tracebacks by their most recent frame'

if test $tool = tmdiff
    set -a sort_keys size-diff count-diff
    complete -c $tool -l retained-in -r -d 'Only what is new and still alive in this snapshot'
    complete -c $tool -l same -d 'Show the rows that did not change, too'
    complete -c $tool -l fail-above -x -d 'Status 1 if the total grew by more'
    complete -c $tool -l fail-site-above -x -d 'Status 1 if any one row grew by more'
    complete -c $tool -l fail-count-above -x -d 'Status 1 if the total grew by more blocks'
end
complete -c $tool -l sort -x -a "$sort_keys" -d 'What to sort by'
