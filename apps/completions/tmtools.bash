# bash completion for the tools. tests/house/completions.py compares it with --help.

_tmtools_options() {
  if [[ $1 == tmrecord ]]; then
    printf '%s\n' -h --help -V --version -o --output --frames --sample -i --include -x --exclude --symbols --metrics \
      --max-memory --python --native -q --quiet --on --interval --delay --paused --follow-fork --snapshot --start --stop --clear \
      --recover
    return
  fi
  printf '%s\n' -h --help -V --version --input-format --salvage
  if [[ $1 == tminfo ]]; then
    printf '%s\n' --verify --json --bytes --color --no-pager
    return
  fi
  printf '%s\n' --timing
  if [[ $1 == tmconvert ]]; then
    printf '%s\n' --to --level --amount --totals-only --symbolize --debug-dir -q --quiet --list --json
    return
  fi
  printf '%s\n' -i --include -x --exclude -I --include-any -X --exclude-any --function --function-any -E --regex \
    --domain --exclude-domain --min-size --max-size --thread --address --map-path --strip-prefix --mine --project
  if [[ $1 == tmtrace ]]; then
    printf '%s\n' --any-frame -n --limit --frames --most-recent-first --source --source-root --no-source -f --format --json \
      --tree --callers --threshold --depth --no-fold --ascii -P --filename-parts --bytes --color --no-pager
    return
  fi
  printf '%s\n' -g --group-by --size-classes -c --cumulative --count-recursion
  if [[ $1 == tmtrend ]]; then
    printf '%s\n' --pattern --quantity --warmup --limit-size --fail-on --min-growth -n --limit --sort -r --reverse \
      -f --format --json --csv -P --filename-parts --ascii --bytes --color --no-pager
    return
  fi
  if [[ $1 == tmcheck ]]; then
    printf '%s\n' --baseline --update-baseline --create-baseline --baseline-format --ignore-mismatch --budget --fail --warn \
      --min-growth --require --strict --suppressions --unused-suppressions --today --runs --series --warmup --match \
      --source-root --baseline-source-root --report --color
    return
  fi
  printf '%s\n' -n --limit --sort -r --reverse -f --format --json -P --filename-parts --source --source-root --bytes --color \
    --most-recent-first --no-pager
  if [[ $1 == tmgrep ]]; then
    printf '%s\n' -o --output --to --count -l --files-with-matches -L --files-without-match -q --quiet --min-count \
      -v --invert-match
  fi
  if [[ $1 == tmdiff ]]; then
    printf '%s\n' --retained-in --same --fail-above --fail-site-above --fail-count-above
  fi
}

# The values of an option: words, or "directory", "file", "free" for text that cannot be guessed, "none" without a value.
_tmtools_values() {
  case $2 in
    -g | --group-by) echo lineno filename traceback function directory module domain thread type size-class ;;
    --size-classes) echo powers glibc jemalloc pymalloc ;;
    -f | --format)
      if [[ $1 == tmtrace ]]; then
        echo table tracemalloc json
      elif [[ $1 == tmtrend ]]; then
        echo table json csv markdown
      else
        echo table tracemalloc json csv markdown
      fi
      ;;
    --color) echo auto always never ;;
    --input-format) echo tms tracemalloc sites ;;
    --to) echo tms tracemalloc json folded sites ;;
    --amount | --quantity) echo size count ;;
    --baseline-format) echo tms sites ;;
    --require) echo count ;;
    --unused-suppressions) echo warn error ignore ;;
    --runs) echo median least ;;
    --match) echo auto lineno ;;
    --report) echo text json markdown github step-summary gitlab junit sarif benchmark ;;
    --on) echo exit peak signal growth rss ;;
    --symbols) echo now later never ;;
    --python) echo auto never ;;
    --metrics) echo rss pss faults threads none ;;
    --fail-on) echo leak growing saturating step oscillating shrinking flat ;;
    --sort)
      if [[ $1 == tmdiff ]]; then
        echo size count average name size-diff count-diff
      elif [[ $1 == tmtrend ]]; then
        echo class growth last name
      else
        echo size count average name
      fi
      ;;
    --source-root | --baseline-source-root | --strip-prefix | --project | --debug-dir) echo directory ;;
    --retained-in | -o | --output | --baseline | --update-baseline | --budget | --suppressions | --snapshot) echo file ;;
    -i | --include | -x | --exclude | -I | --include-any | -X | --exclude-any | -n | --limit | -P | --filename-parts | \
      --domain | --exclude-domain | --min-size | --max-size | --fail-above | --fail-site-above | --fail-count-above | \
      --level | --function | --function-any | --thread | --address | --map-path | --min-count | --fail | --warn | \
      --min-growth | --today | --warmup | --pattern | --limit-size | --frames | --sample | --max-memory | --interval | \
      --delay | --start | --stop | --clear)
      echo free
      ;;
    *) echo none ;;
  esac
}

_tmtools() {
  local tool=${1##*/} current=$2 option=$3 values
  COMPREPLY=()
  # Readline splits --format=json at the "=".
  if [[ $option == '=' ]]; then
    option=${COMP_WORDS[COMP_CWORD - 2]}
  elif [[ $current == '=' ]]; then
    current=
  fi
  values=$(_tmtools_values "$tool" "$option")
  case $values in
    none)
      if [[ $current == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_tmtools_options "$tool")" -- "$current")
      fi
      ;;  # else a file: readline completes file names
    file) ;;
    free) compopt +o default 2> /dev/null ;;
    directory)
      compopt -o filenames 2> /dev/null
      mapfile -t COMPREPLY < <(compgen -d -- "$current")
      ;;
    *) mapfile -t COMPREPLY < <(compgen -W "$values" -- "$current") ;;
  esac
}

complete -o default -F _tmtools tmtop tmdiff tmgrep tmconvert tminfo tmtrace tmtrend tmcheck tmrecord
