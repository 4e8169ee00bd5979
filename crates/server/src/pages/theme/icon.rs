//! The icon of a service without a logo: the first letter of its name, or a door for the default name, in its color.

use super::AccentColor;

/// The default name of a service.
const OURS: &str = "Doorward";

/// The icon of a door.
const DOOR: &str = include_str!("../../../assets/icon.svg");
/// The colors in the icon of a door.
const DOOR_COLOURS: [&str; 2] = ["#4338ca", "#fff"];

/// Draws the icon as SVG.
pub(super) fn draw(service_name: &str, accent: &AccentColor) -> String {
    let (back, front) = (accent.css(), accent.text());
    let letter = service_name.chars().find(|letter| letter.is_alphanumeric());
    match letter.filter(|_| service_name != OURS) {
        None => {
            let [door_back, door_front] = DOOR_COLOURS;
            // The placeholder keeps front and back distinct if both have the same color.
            let door = DOOR.replace(door_front, "{front}").replace(door_back, &back);
            door.replace("{front}", front)
        }
        Some(letter) => {
            let letter = letter.to_uppercase();
            format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\">\
                 <rect width=\"32\" height=\"32\" rx=\"7\" fill=\"{back}\"/>\
                 <text x=\"16\" y=\"23\" font-family=\"system-ui,sans-serif\" font-size=\"20\" font-weight=\"700\" \
                 text-anchor=\"middle\" fill=\"{front}\">{letter}</text></svg>"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(name: &str, colour: &str) -> String {
        draw(name, &AccentColor::parse(colour).unwrap())
    }

    #[test]
    fn icon_has_the_first_letter_and_the_color_of_the_service() {
        let icon = drawn("\u{201c}engines & co\u{201d}", "#ffd400");
        assert!(icon.contains(">E</text>"), "{icon}");
        assert!(icon.contains("fill=\"#ffd400\"") && icon.contains("fill=\"#000\""), "{icon}");
        assert!(drawn("ßcale", "#000").contains(">SS</text>"));
        assert!(drawn("學堂", "#000").contains(">學</text>"));
    }

    #[test]
    fn icon_of_the_default_service_name_is_a_door_in_the_accent_color() {
        assert_eq!(drawn("Doorward", "#4338ca"), DOOR);
        for name in ["Doorward", "<&>", ""] {
            let icon = drawn(name, "white");
            assert!(
                icon.contains("fill=\"#ffffff\"") && icon.contains("stroke=\"#000\""),
                "{icon}"
            );
            assert!(!icon.contains("<text"), "{icon}");
        }
    }
}
