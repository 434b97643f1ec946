# add_transcript_test(NAME [ROOT DIR] FILE...): replays transcripts with the tools and the runner itself on the PATH, in DIR,
# from which FILEs are named too; by default the repository. UPDATE=1 in the environment takes what comes out as right.
function(add_transcript_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" ROOT "")
  if(NOT arg_ROOT)
    set(arg_ROOT ${PROJECT_SOURCE_DIR})
  endif()
  add_test(NAME ${name}
    COMMAND transcript --root ${arg_ROOT} --path $<TARGET_FILE_DIR:tmtop> --path $<TARGET_FILE_DIR:transcript>
            ${arg_UNPARSED_ARGUMENTS})
  set_tests_properties(${name} PROPERTIES LABELS transcript TIMEOUT 300)
endfunction()
