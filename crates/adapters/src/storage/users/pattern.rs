/// The pattern of what begins so, where `%`, `_` and `\` stand for themselves. Keys are in lower case.
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
    fn what_is_special_stands_for_itself() {
        assert_eq!(beginning_with("Ann_50%\\"), "ann\\_50\\%\\\\%");
        assert_eq!(beginning_with(""), "%");
    }
}
