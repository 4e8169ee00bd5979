//! The icon of a service that has no logo: a door, or the first letter of a name of its own, in its colour.

use super::AccentColor;

/// The name of a service that has none of its own.
const OURS: &str = "Doorward";

/// A door.
const DOOR: &str = include_str!("../../../assets/icon.svg");
/// The colours in it.
const DOOR_COLOURS: [&str; 2] = ["#4338ca", "#fff"];

/// Draws it, as SVG.
pub(super) fn draw(service_name: &str, accent: &AccentColor) -> String {
    let (back, front) = (accent.css(), accent.text());
    let letter = service_name.chars().find(|letter| letter.is_alphanumeric());
    match letter.filter(|_| service_name != OURS) {
        None => {
            let [door_back, door_front] = DOOR_COLOURS;
            // The placeholder keeps a back that is as white as the front apart from it.
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
    fn icon_has_the_letter_and_the_colour_of_the_service() {
        let icon = drawn("\u{201c}engines & co\u{201d}", "#ffd400");
        assert!(icon.contains(">E</text>"), "{icon}");
        assert!(icon.contains("fill=\"#ffd400\"") && icon.contains("fill=\"#000\""), "{icon}");
        assert!(drawn("ßcale", "#000").contains(">SS</text>"));
        assert!(drawn("學堂", "#000").contains(">學</text>"));
    }

    #[test]
    fn icon_of_a_service_without_a_name_of_its_own_is_a_door_in_its_colour() {
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
