# What the shell checks share; to be sourced. Each counts what it has shown in `passed` and ends with `all_passed`; the
# file "$log" holds what the last command printed.

passed=0

# ok <what>: it holds.
ok() {
  passed=$((passed + 1))
  printf 'ok %d - %s\n' "$passed" "$1"
}

# fail <what>: it does not; the end of the log says why.
fail() {
  printf 'not ok - %s\n' "$1"
  tail -n 40 "$log" | cut -c1-300
  exit 1
}

# expect <what> <pattern in the log>: the last command said it.
expect() {
  grep -qE -- "$2" "$log" || fail "$1"
  ok "$1"
}

# The line that is counted.
all_passed() {
  printf '%d passed\n' "$passed"
}
