include(CMakeFindDependencyMacro)
find_dependency(PkgConfig)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(LIBDW IMPORTED_TARGET libdw)  # snapshot::recorder alone needs it
include(${CMAKE_CURRENT_LIST_DIR}/snapshot-targets.cmake)
