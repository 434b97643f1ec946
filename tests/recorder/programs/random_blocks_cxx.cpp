// random_blocks in C++: operator new and delete, aligned and sized, besides malloc and its family.
#include "random_run.h"

int main(int argc, char** argv) { return run(argc, argv); }
