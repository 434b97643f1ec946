#include "recorder/unwind_row.h"

#include "recorder/cfa_expression.h"
#include "recorder/eh_frame.h"

namespace snapshot::recorder {
namespace {

constexpr std::uint64_t kBp = 6;  // DWARF's numbers of registers, psABI x86-64, 3.6.2
constexpr std::uint64_t kSp = 7;
constexpr std::uint64_t kReturn = 16;

/// Where a register of the caller is.
struct Rule {
  enum class Kind : std::uint8_t { same, at_offset, undefined, at_bp, other } kind = Kind::same;
  std::int64_t offset = 0;  // from the CFA
};

struct Rules {
  std::uint64_t cfa_register = kSp;
  std::int64_t cfa_offset = 0;
  CfaExpression expression;  // in place of these two, when it is one
  Rule bp;
  Rule return_address;
};

/// Runs the instructions of call frame information (DWARF 5, 6.4.2) up to a code address.
class Interpreter {
 public:
  Interpreter(const FrameEntry& entry, std::uint64_t pc) : entry_(entry), pc_(pc), location_(entry.begin) {}

  bool run(Rules& rules) {
    rules_.return_address.kind = Rule::Kind::other;
    run(entry_.common_first, entry_.common_last);
    initial_ = rules_;
    location_ = entry_.begin;
    run(entry_.first, entry_.last);
    rules = rules_;
    return good_;
  }

 private:
  static constexpr unsigned kMostStates = 8;

  void run(const unsigned char* first, const unsigned char* last) {
    ByteCursor cursor(first, last);
    while (good_ && !cursor.at_end() && location_ <= pc_) step(cursor);
  }

  void step(ByteCursor& cursor) {
    const auto code = cursor.fixed<std::uint8_t>();
    const std::uint8_t low = code & 0x3f;
    switch (code >> 6) {
      case 1: location_ += low * entry_.code_alignment; return;                  // DW_CFA_advance_loc
      case 2: at_offset(low, static_cast<std::int64_t>(cursor.uleb())); return;  // DW_CFA_offset
      case 3: restore(low); return;                                              // DW_CFA_restore
      default: break;
    }
    if (!step_location(low, cursor) && !step_cfa(low, cursor) && !step_register(low, cursor)) good_ = false;
  }

  bool step_location(std::uint8_t code, ByteCursor& cursor) {
    switch (code) {
      case 0x00: return true;                                                                     // nop
      case 0x01: location_ = cursor.pointer(entry_.pointer_encoding); return true;                // set_loc
      case 0x02: location_ += cursor.fixed<std::uint8_t>() * entry_.code_alignment; return true;  // advance_loc1
      case 0x03: location_ += cursor.fixed<std::uint16_t>() * entry_.code_alignment; return true;
      case 0x04: location_ += cursor.fixed<std::uint32_t>() * entry_.code_alignment; return true;
      case 0x0a:  // remember_state
        if (depth_ == kMostStates) return false;
        states_[depth_++] = rules_;
        return true;
      case 0x0b:  // restore_state
        if (depth_ == 0) return false;
        rules_ = states_[--depth_];
        return true;
      case 0x2e: cursor.uleb(); return true;  // GNU_args_size
      default: return false;
    }
  }

  bool step_cfa(std::uint8_t code, ByteCursor& cursor) {
    switch (code) {
      case 0x0c:  // def_cfa
        rules_.cfa_register = cursor.uleb();
        rules_.cfa_offset = static_cast<std::int64_t>(cursor.uleb());
        break;
      case 0x0d: rules_.cfa_register = cursor.uleb(); break;                           // def_cfa_register
      case 0x0e: rules_.cfa_offset = static_cast<std::int64_t>(cursor.uleb()); break;  // def_cfa_offset
      case 0x0f: {                                                                     // def_cfa_expression
        const std::uint64_t size = cursor.uleb();
        const ByteCursor from = cursor;
        cursor.skip(size);
        rules_.expression = read_cfa_expression(from.at(), cursor.at(), pc_);
        return true;
      }
      case 0x12:  // def_cfa_sf
        rules_.cfa_register = cursor.uleb();
        rules_.cfa_offset = cursor.sleb() * entry_.data_alignment;
        break;
      case 0x13: rules_.cfa_offset = cursor.sleb() * entry_.data_alignment; break;  // def_cfa_offset_sf
      default: return false;
    }
    rules_.expression = {};
    return true;
  }

  bool step_register(std::uint8_t code, ByteCursor& cursor) {
    const std::uint64_t number = cursor.uleb();
    switch (code) {
      case 0x05: at_offset(number, static_cast<std::int64_t>(cursor.uleb())); return true;  // offset_extended
      case 0x06: restore(number); return true;                                              // restore_extended
      case 0x07: set(number, {Rule::Kind::undefined}); return true;                         // undefined
      case 0x08: set(number, {Rule::Kind::same}); return true;                              // same_value
      case 0x09:
        cursor.uleb();
        set(number, {Rule::Kind::other});
        return true;                                             // register
      case 0x11: at_offset(number, cursor.sleb()); return true;  // offset_extended_sf
      case 0x10: {                                               // expression
        const std::uint64_t size = cursor.uleb();
        const unsigned char* first = cursor.at();
        cursor.skip(size);
        const bool at_bp = size == 2 && first[0] == 0x70 + kBp && first[1] == 0;  // DW_OP_breg6 0
        set(number, {at_bp ? Rule::Kind::at_bp : Rule::Kind::other});
        return true;
      }
      case 0x14:  // val_offset
      case 0x15:
        cursor.uleb();
        set(number, {Rule::Kind::other});
        return true;
      case 0x16:
        cursor.skip(cursor.uleb());
        set(number, {Rule::Kind::other});
        return true;  // val_expression
      default: return false;
    }
  }

  Rule* find(std::uint64_t number, Rules& rules) const {
    return number == kBp ? &rules.bp : number == entry_.return_register ? &rules.return_address : nullptr;
  }
  void set(std::uint64_t number, Rule rule) {
    if (Rule* to = find(number, rules_)) *to = rule;
  }
  void at_offset(std::uint64_t number, std::int64_t factored) {
    set(number, {Rule::Kind::at_offset, factored * entry_.data_alignment});
  }
  void restore(std::uint64_t number) {
    if (const Rule* from = find(number, initial_)) set(number, *from);
  }

  const FrameEntry& entry_;
  std::uint64_t pc_;
  std::uint64_t location_;
  Rules rules_;
  Rules initial_;
  Rules states_[kMostStates];
  unsigned depth_ = 0;
  bool good_ = true;
};

constexpr UnwindRow kUnknownRow{UnwindRow::Kind::unknown, UnwindRow::kSame, 0};

bool set_cfa(const Rules& rules, UnwindRow& row) {
  std::int64_t offset = rules.cfa_offset;
  if (rules.expression.kind != CfaExpression::Kind::none) {
    if (rules.expression.kind == CfaExpression::Kind::unsupported) return false;
    row.kind = rules.expression.kind == CfaExpression::Kind::from_sp   ? UnwindRow::Kind::from_sp
               : rules.expression.kind == CfaExpression::Kind::from_bp ? UnwindRow::Kind::from_bp
                                                                       : UnwindRow::Kind::from_memory;
    offset = rules.expression.offset;
  } else if (rules.cfa_register == kSp) {
    row.kind = UnwindRow::Kind::from_sp;
  } else if (rules.cfa_register == kBp) {
    row.kind = UnwindRow::Kind::from_bp;
  } else {
    return false;
  }
  constexpr std::int64_t kMostOffset = 1 << 30;
  if (offset % 8 != 0 || offset >= kMostOffset || offset < -kMostOffset) return false;
  row.offset = static_cast<std::int32_t>(offset);
  return true;
}

bool set_bp(const Rule& rule, UnwindRow& row) {
  switch (rule.kind) {
    case Rule::Kind::same: row.saved_bp = UnwindRow::kSame; return true;
    case Rule::Kind::at_bp: row.saved_bp = UnwindRow::kAtBp; return true;
    case Rule::Kind::at_offset:
      if (rule.offset >= 0 || rule.offset % 8 != 0 || rule.offset / -8 >= UnwindRow::kAtBp) return false;
      row.saved_bp = static_cast<std::uint16_t>(rule.offset / -8);
      return true;
    default: row.saved_bp = UnwindRow::kUndefined; return true;
  }
}

}  // namespace

UnwindRow read_unwind_row(std::uint64_t pc) {
  FrameEntry entry{};
  if (!find_frame_entry(pc, entry)) return kUnknownRow;
  if (entry.is_signal) return {UnwindRow::Kind::signal, UnwindRow::kSame, 0};
  if (entry.return_register != kReturn) return kUnknownRow;
  Rules rules;
  if (!Interpreter(entry, pc).run(rules)) return kUnknownRow;
  if (rules.return_address.kind == Rule::Kind::undefined) return {UnwindRow::Kind::oldest, UnwindRow::kSame, 0};
  UnwindRow row = kUnknownRow;
  const bool usual = rules.return_address.kind == Rule::Kind::at_offset && rules.return_address.offset == -8;
  return usual && set_cfa(rules, row) && set_bp(rules.bp, row) ? row : kUnknownRow;
}

}  // namespace snapshot::recorder
