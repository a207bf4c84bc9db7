#!/bin/sh
# Summarises a CSV file: rows, and for each column its filled and different values and the range of its numbers.
# Usage: sh summarise.sh FILE [SEPARATOR]. Values in quotes may hold separators, but no line breaks.
set -eu
file=${1:?name a CSV file}
separator=${2:-}
if [ -z "$separator" ]; then
  header=$(head -n 1 "$file")
  case $header in
    *";"*) separator=";" ;;
    *"	"*) separator="	" ;;
    *) separator="," ;;
  esac
fi
awk -v separator="$separator" '
function split_row(line, cells,    count, place, letter, quoted, cell) {
  count = 0; quoted = 0; cell = ""
  sub(/\r$/, "", line)
  for (place = 1; place <= length(line); place++) {
    letter = substr(line, place, 1)
    if (letter == "\"") {
      if (quoted && substr(line, place + 1, 1) == "\"") { cell = cell letter; place++ }
      else quoted = !quoted
    } else if (letter == separator && !quoted) { cells[++count] = cell; cell = "" }
    else cell = cell letter
  }
  cells[++count] = cell
  return count
}
NR == 1 {
  sub(/^\357\273\277/, "")
  columns = split_row($0, names)
  next
}
$0 != "" {
  rows++
  for (column in cells) delete cells[column]
  found = split_row($0, cells)
  if (found != columns) odd++
  for (column = 1; column <= columns; column++) {
    value = cells[column]
    if (value == "") continue
    filled[column]++
    if (!((column, value) in seen)) { seen[column, value] = 1; different[column]++ }
    if (value ~ /^-?[0-9]+(\.[0-9]+)?$/) {
      number = value + 0
      if (!(column in numbers) || number < least[column]) least[column] = number
      if (!(column in numbers) || number > greatest[column]) greatest[column] = number
      numbers[column]++
      total[column] += number
    }
  }
}
END {
  printf "rows: %d\n", rows
  if (odd > 0) printf "rows with another number of columns: %d\n", odd
  for (column = 1; column <= columns; column++) {
    printf "%s: filled %d, different %d", names[column], filled[column], different[column]
    if (numbers[column] > 0)
      printf ", numbers %d, least %s, greatest %s, mean %.4g", numbers[column], least[column], greatest[column], total[column] / numbers[column]
    printf "\n"
  }
}' "$file"
