# fish completion for the tools: for the one that the file is named after where it is installed.
# tests/house/completions.py compares it with --help.

set -l tool (basename (status filename) .fish)
set -l sort_keys size count average name

complete -c $tool -s h -l help -d 'Show the options and exit'
complete -c $tool -s V -l version -d 'Show the version and exit'

if test $tool = tmrecord
    complete -c $tool -s o -l output -r -d 'Names of the snapshots'
    complete -c $tool -l frames -x -d 'Keep so many frames of a traceback'
    complete -c $tool -l sample -x -d 'Record one block in so many bytes'
    complete -c $tool -s i -l include -x -d 'Record blocks of matching modules'
    complete -c $tool -s x -l exclude -x -d 'Do not record blocks of matching modules'
    complete -c $tool -l symbols -x -a 'now later never' -d 'When names are looked up'
    complete -c $tool -l metrics -x -a 'rss pss faults threads none' -d 'What to tell of the process'
    complete -c $tool -l max-memory -x -d 'The most memory for the table of blocks'
    complete -c $tool -l python -x -a 'auto never' -d 'Record allocations of Python itself'
    complete -c $tool -l native -d 'Keep native frames beneath those of Python'
    complete -c $tool -s q -l quiet -d 'Do not say what was written'
    complete -c $tool -l on -x -a 'exit peak signal growth rss' -d 'When to write a snapshot'
    complete -c $tool -l interval -x -d 'Write a snapshot every so many seconds'
    complete -c $tool -l delay -x -d 'Begin after so many seconds'
    complete -c $tool -l paused -d 'Do not begin until --start'
    complete -c $tool -l follow-fork -d 'Record the programs that it starts, too'
    complete -c $tool -l snapshot -r -a '(__fish_complete_pids)' -d 'Write a snapshot of a process that is recorded, or of a FILE'
    complete -c $tool -l start -x -a '(__fish_complete_pids)' -d 'Let a recorded process go on to record'
    complete -c $tool -l stop -x -a '(__fish_complete_pids)' -d 'Let it pause'
    complete -c $tool -l clear -x -a '(__fish_complete_pids)' -d 'Let it forget all blocks'
    complete -c $tool -l recover -d 'Write what was left behind'
    exit
end

complete -c $tool -l input-format -x -a 'tms tracemalloc sites' -d 'Read as this format'
complete -c $tool -l salvage -d 'Read what is left of a damaged file'

if test $tool = tminfo
    complete -c $tool -l verify -d 'Decode and check every byte'
    complete -c $tool -l json -d 'Print as JSON'
    complete -c $tool -l bytes -d 'Exact bytes'
    complete -c $tool -l color -x -a 'auto always never' -d 'Whether to colour tables'
    complete -c $tool -l no-pager -d 'Do not use a pager'
    exit
end

complete -c $tool -l timing -d 'Say what each step took'

if test $tool = tmconvert
    complete -c $tool -l to -x -a 'tms tracemalloc json folded sites' -d 'Write this format'
    complete -c $tool -l level -x -d 'Compress so hard, 1 to 22'
    complete -c $tool -l amount -x -a 'size count' -d 'What the number of a folded line is'
    complete -c $tool -l totals-only -d 'Drop single blocks, keep the sums of each traceback'
    complete -c $tool -l symbolize -d 'Find functions and lines of frames that were recorded as addresses'
    complete -c $tool -l debug-dir -x -a '(__fish_complete_directories)' -d 'Look here, too, for binaries and debug files'
    complete -c $tool -s q -l quiet -d 'Do not say what the format cannot carry, or what has no symbols'
    complete -c $tool -l list -d 'Show the formats and what each can carry'
    complete -c $tool -l json -d 'Show the --list as JSON'
    exit
end

complete -c $tool -s i -l include -x -d 'Keep blocks whose most recent frame matches'
complete -c $tool -s x -l exclude -x -d 'Drop blocks whose most recent frame matches'
complete -c $tool -s I -l include-any -x -d 'Keep blocks with a matching frame anywhere'
complete -c $tool -s X -l exclude-any -x -d 'Drop blocks with a matching frame anywhere'
complete -c $tool -l domain -x -d 'Keep blocks of this domain'
complete -c $tool -l exclude-domain -x -d 'Drop blocks of this domain'
complete -c $tool -l function -x -d 'Keep blocks allocated in a matching function'
complete -c $tool -l function-any -x -d 'Keep blocks with a matching function anywhere'
complete -c $tool -s E -l regex -d 'Take every glob as a regular expression'
complete -c $tool -l thread -x -d 'Keep blocks that this thread allocated'
complete -c $tool -l address -x -d 'Keep blocks with a byte in this range'
complete -c $tool -l map-path -x -d 'Take files below FROM as those below TO'
complete -c $tool -l strip-prefix -x -a '(__fish_complete_directories)' -d 'Leave this directory out of file names'
complete -c $tool -l mine -d 'Look at the frames of the project alone'
complete -c $tool -l project -x -a '(__fish_complete_directories)' -d 'Look at the frames of the project in this directory alone'
complete -c $tool -l min-size -x -d 'Keep blocks of at least this size'
complete -c $tool -l max-size -x -d 'Keep blocks of at most this size'

if test $tool = tmtrace
    complete -c $tool -l any-frame -d 'Select tracebacks that pass through the place anywhere'
    complete -c $tool -s n -l limit -x -d 'Tracebacks to show, 0 is all'
    complete -c $tool -l frames -x -d 'Show the most recent frames'
    complete -c $tool -l most-recent-first -d 'Show the most recent frame first'
    complete -c $tool -l source-root -x -a '(__fish_complete_directories)' -d 'Show source lines of files under this directory'
    complete -c $tool -l source -d 'Show source lines in JSON, too'
    complete -c $tool -l no-source -d 'Show no source lines'
    complete -c $tool -s f -l format -x -a 'table tracemalloc json' -d 'How to print'
    complete -c $tool -l json -d 'Short for --format json'
    complete -c $tool -l tree -d 'Draw the tree of calls'
    complete -c $tool -l callers -d 'Draw it from the most recent frames up'
    complete -c $tool -l threshold -x -d 'Leave out of the tree what holds less of the total'
    complete -c $tool -l depth -x -d 'Draw so many frames of each traceback'
    complete -c $tool -l no-fold -d 'Draw each frame on a line of its own'
    complete -c $tool -l ascii -d 'Draw without box characters'
    complete -c $tool -s P -l filename-parts -x -d 'Keep the last parts of a path'
    complete -c $tool -l bytes -d 'Exact bytes'
    complete -c $tool -l color -x -a 'auto always never' -d 'Whether to colour'
    complete -c $tool -l no-pager -d 'Do not use a pager'
    exit
end

complete -c $tool -s g -l group-by -x -a 'lineno filename traceback function directory module domain thread type size-class' -d 'What blocks are grouped by'
complete -c $tool -l size-classes -x -a 'powers glibc jemalloc pymalloc' -d 'What size-class means'
complete -c $tool -s c -l cumulative -d 'Charge every frame of a traceback, each key once a block'
complete -c $tool -l count-recursion -d 'Cumulative as CPython counts, recursion again'

if test $tool = tmcheck
    complete -c $tool -l baseline -r -d 'Compare with this snapshot'
    complete -c $tool -l update-baseline -r -d 'Write a baseline, check nothing'
    complete -c $tool -l create-baseline -d 'Write the baseline if there is none'
    complete -c $tool -l baseline-format -x -a 'tms sites' -d 'Write the baseline as this format'
    complete -c $tool -l ignore-mismatch -d 'Compare what cannot be compared'
    complete -c $tool -l budget -r -d 'Take the rules of this file'
    complete -c $tool -l fail -x -d 'Status 1 if this is exceeded'
    complete -c $tool -l warn -x -d 'Report if this is exceeded'
    complete -c $tool -l min-growth -x -d 'Growth by a percentage counts above this alone'
    complete -c $tool -l require -x -a 'count' -d 'Growth counts only with more of these'
    complete -c $tool -l strict -d 'Status 1 for what is inconclusive'
    complete -c $tool -l suppressions -r -d 'Silence what these patterns match'
    complete -c $tool -l unused-suppressions -x -a 'warn error ignore' -d 'What to do about those that silence nothing'
    complete -c $tool -l today -x -d 'The date by which suppressions expire'
    complete -c $tool -l runs -x -a 'median least' -d 'What several runs make'
    complete -c $tool -l series -d 'Take the snapshots for one process in time'
    complete -c $tool -l warmup -x -d 'Leave out the first snapshots'
    complete -c $tool -l match -x -a 'auto lineno' -d 'How sites are found again'
    complete -c $tool -l source-root -x -a '(__fish_complete_directories)' -d 'Look for source files under this directory'
    complete -c $tool -l baseline-source-root -x -a '(__fish_complete_directories)' -d 'Look for those of the baseline under this one'
    complete -c $tool -l report -x -a 'text json markdown github step-summary gitlab junit sarif benchmark' -d 'Write a report'
    complete -c $tool -l color -x -a 'auto always never' -d 'Whether to colour text'
    exit
end

if test $tool = tmtrend
    complete -c $tool -l pattern -x -d 'Of directories, read the files with such names'
    complete -c $tool -l quantity -x -a 'size count' -d 'What a series is of'
    complete -c $tool -l warmup -x -d 'Leave the first snapshots out of the verdicts'
    complete -c $tool -l limit-size -x -d 'Say when growth will reach this size'
    complete -c $tool -l fail-on -x -a 'leak growing saturating step oscillating shrinking flat' -d 'Status 1 if a row is of this class'
    complete -c $tool -l min-growth -x -d 'Call no smaller growth a leak'
    complete -c $tool -s n -l limit -x -d 'Rows to show, 0 is all'
    complete -c $tool -l sort -x -a 'class growth last name' -d 'What to sort by'
    complete -c $tool -s r -l reverse -d 'Reverse the order'
    complete -c $tool -s f -l format -x -a 'table json csv markdown' -d 'How to print'
    complete -c $tool -l json -d 'Short for --format json'
    complete -c $tool -s P -l filename-parts -x -d 'Keep the last parts of a path'
    complete -c $tool -l csv -d 'Short for --format csv'
    complete -c $tool -l ascii -d 'Draw without block characters'
    complete -c $tool -l bytes -d 'Exact bytes in tables'
    complete -c $tool -l color -x -a 'auto always never' -d 'Whether to colour tables'
    complete -c $tool -l no-pager -d 'Do not use a pager'
    exit
end

complete -c $tool -s n -l limit -x -d 'Rows to show, 0 is all'
complete -c $tool -s r -l reverse -d 'Reverse the order'
complete -c $tool -s f -l format -x -a 'table tracemalloc json csv markdown' -d 'How to print'
complete -c $tool -l json -d 'Short for --format json'
complete -c $tool -s P -l filename-parts -x -d 'Keep the last parts of a path'
complete -c $tool -l source -d 'Show the source line under each row'
complete -c $tool -l source-root -x -a '(__fish_complete_directories)' -d 'Show source lines of files under this directory'
complete -c $tool -l bytes -d 'Exact bytes in tables'
complete -c $tool -l color -x -a 'auto always never' -d 'Whether to colour tables'
complete -c $tool -l no-pager -d 'Do not use a pager'
complete -c $tool -l most-recent-first -d 'Order and name tracebacks by their most recent frame'

if test $tool = tmgrep
    complete -c $tool -s o -l output -r -d 'Write what is found as a snapshot'
    complete -c $tool -l to -x -a 'tms tracemalloc json folded sites' -d 'Write this format'
    complete -c $tool -l count -d 'Print how many blocks are found'
    complete -c $tool -s l -l files-with-matches -d 'Print names of snapshots with matches'
    complete -c $tool -s L -l files-without-match -d 'Print names of snapshots without'
    complete -c $tool -s q -l quiet -d 'Print nothing, the status tells'
    complete -c $tool -l min-count -x -d 'Find groups of at least so many blocks'
    complete -c $tool -s v -l invert-match -d 'Find what the conditions leave out'
end
if test $tool = tmdiff
    set -a sort_keys size-diff count-diff
    complete -c $tool -l retained-in -r -d 'Only what is new and still alive in this snapshot'
    complete -c $tool -l same -d 'Show the rows that did not change, too'
    complete -c $tool -l fail-above -x -d 'Status 1 if the total grew by more'
    complete -c $tool -l fail-site-above -x -d 'Status 1 if any one row grew by more'
    complete -c $tool -l fail-count-above -x -d 'Status 1 if the total grew by more blocks'
end
complete -c $tool -l sort -x -a "$sort_keys" -d 'What to sort by'
