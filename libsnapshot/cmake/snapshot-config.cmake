include(${CMAKE_CURRENT_LIST_DIR}/snapshot-targets.cmake)
