// writer IN OUT: copies a file through OutputFile, for driver.py to disturb.

#include <snapshot/output_file.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <vector>

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    std::ifstream in(argv[1], std::ios::binary);
    snapshot::OutputFile out(argv[2]);
    std::vector<char> piece(50000);
    do {
      in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
      out.write({piece.data(), static_cast<std::size_t>(in.gcount())});
    } while (in);
    out.commit();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "writer: %s: %s\n", argv[2], error.what());
    return 2;
  }
  return 0;
}
