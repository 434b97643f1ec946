// random_blocks in C: malloc and its family.
#define _GNU_SOURCE
#include "random_run.h"

int main(int argc, char** argv) { return run(argc, argv); }
