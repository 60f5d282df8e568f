"""What is out of a reader's sight is counted in words, and points to nothing."""

NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def and_more(count, one, many):
    """“and from two debriefs of other teams” without its first words; empty where nothing is hidden."""
    if not count:
        return ""
    if count == 1:
        return one
    return f"{NUMBERS[count] if count < len(NUMBERS) else count} {many}"
