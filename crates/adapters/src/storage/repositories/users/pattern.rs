/// Returns the LIKE pattern of texts with this prefix, with `%`, `_`, and `\` escaped. Keys are in lowercase.
pub(super) fn beginning_with(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 1);
    for char in text.to_lowercase().chars() {
        if matches!(char, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(char);
    }
    pattern + "%"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_of_like_are_escaped() {
        assert_eq!(beginning_with("Ann_50%\\"), "ann\\_50\\%\\\\%");
        assert_eq!(beginning_with(""), "%");
    }
}
