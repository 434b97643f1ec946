#pragma once

namespace cli {

/// While it lives, what is written to a stderr that is a terminal is kept back; then it comes out. For the time in
/// which another program has the screen.
class HeldErrors {
 public:
  HeldErrors();
  ~HeldErrors();
  HeldErrors(const HeldErrors&) = delete;
  HeldErrors& operator=(const HeldErrors&) = delete;

 private:
  int terminal_ = -1;  // stderr as it was; none when nothing is held
};

}  // namespace cli
