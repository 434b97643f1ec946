#include "recorder/cfa_expression.h"

#include "recorder/eh_frame.h"

namespace snapshot::recorder {
namespace {

/// A number, or a number more than a register, or what lies in memory there.
struct Term {
  enum class Base : std::uint8_t { number, sp, bp, memory } base = Base::number;
  std::int64_t offset = 0;
};

/// DWARF 5, 2.5: a machine with a stack of terms.
class Machine {
 public:
  explicit Machine(std::uint64_t pc) : pc_(pc) {}

  bool step(ByteCursor& cursor) {
    const auto code = cursor.fixed<std::uint8_t>();
    if (code >= 0x30 && code <= 0x4f) return push({Term::Base::number, code - 0x30});     // DW_OP_lit0 to 31
    if (code >= 0x70 && code <= 0x8f) return push_register(code - 0x70u, cursor.sleb());  // DW_OP_breg0 to 31
    switch (code) {
      case 0x06: return load();                                                        // deref
      case 0x08: return push({Term::Base::number, cursor.fixed<std::uint8_t>()});      // const1u
      case 0x09: return push({Term::Base::number, cursor.fixed<std::int8_t>()});       // const1s
      case 0x23: return size_ > 0 && add(static_cast<std::int64_t>(cursor.uleb()));    // plus_uconst
      case 0x1a: return numbers([](auto a, auto b) { return a & b; });                 // and
      case 0x24: return numbers([](auto a, auto b) { return b < 64 ? a << b : 0; });   // shl
      case 0x2a: return numbers([](auto a, auto b) { return std::int64_t{a >= b}; });  // ge
      case 0x22: return plus();
      default: return false;
    }
  }

  CfaExpression result() const {
    if (size_ != 1) return {CfaExpression::Kind::unsupported};
    switch (stack_[0].base) {
      case Term::Base::sp: return {CfaExpression::Kind::from_sp, stack_[0].offset};
      case Term::Base::bp: return {CfaExpression::Kind::from_bp, stack_[0].offset};
      case Term::Base::memory: return {CfaExpression::Kind::from_memory, stack_[0].offset};
      default: return {CfaExpression::Kind::unsupported};
    }
  }

 private:
  static constexpr unsigned kMostTerms = 8;

  bool push(Term term) {
    if (size_ == kMostTerms) return false;
    stack_[size_++] = term;
    return true;
  }
  bool push_register(unsigned number, std::int64_t offset) {
    switch (number) {
      case 6: return push({Term::Base::bp, offset});
      case 7: return push({Term::Base::sp, offset});
      case 16: return push({Term::Base::number, static_cast<std::int64_t>(pc_) + offset});
      default: return false;
    }
  }
  bool load() {
    if (size_ == 0 || stack_[size_ - 1].base != Term::Base::bp) return false;
    stack_[size_ - 1].base = Term::Base::memory;
    return true;
  }
  bool add(std::int64_t number) {
    Term& top = stack_[size_ - 1];
    if (top.base == Term::Base::memory && number != 0) return false;
    top.offset += number;
    return true;
  }
  bool plus() {
    if (size_ < 2) return false;
    Term second = stack_[size_ - 1];
    Term& first = stack_[size_ - 2];
    if (first.base == Term::Base::number) {
      const Term swap = first;
      first = second;
      second = swap;
    }
    if (second.base != Term::Base::number) return false;
    --size_;
    return add(second.offset);
  }
  template <typename Function>
  bool numbers(Function&& function) {
    if (size_ < 2 || stack_[size_ - 1].base != Term::Base::number || stack_[size_ - 2].base != Term::Base::number) {
      return false;
    }
    --size_;
    stack_[size_ - 1].offset = function(stack_[size_ - 1].offset, stack_[size_].offset);
    return true;
  }

  std::uint64_t pc_;
  Term stack_[kMostTerms];
  unsigned size_ = 0;
};

}  // namespace

CfaExpression read_cfa_expression(const unsigned char* first, const unsigned char* last, std::uint64_t pc) {
  Machine machine(pc);
  for (ByteCursor cursor(first, last); !cursor.at_end();) {
    if (!machine.step(cursor)) return {CfaExpression::Kind::unsupported};
  }
  return machine.result();
}

}  // namespace snapshot::recorder
