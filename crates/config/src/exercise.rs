use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ConfigError;
use crate::instance::Mode;
use crate::load::require;

/// What an exercise (演習) is called and which time it plays at. For instances in exercise mode only.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Exercise {
    /// Name on the banner of every page; may be empty.
    pub name: String,
    /// When the exercise begins, by the system's time.
    pub begins_at: Option<Timestamp>,
    /// What its clock shows at that moment; it runs from there, also while the server is stopped.
    pub pretended_at: Option<Timestamp>,
}

impl Exercise {
    /// How far the clock of the exercise is ahead of the system's; `None` where it shows the system's time.
    pub fn shift(&self) -> Option<SignedDuration> {
        Some(self.pretended_at?.duration_since(self.begins_at?))
    }

    pub(crate) fn check(&self, mode: Mode) -> Result<(), ConfigError> {
        let empty = self.name.is_empty() && self.begins_at.is_none() && self.pretended_at.is_none();
        require(
            empty || mode == Mode::Exercise,
            "exercise",
            "take these settings out, or set instance.mode to exercise",
        )?;
        require(
            self.name.chars().count() <= 60 && !self.name.chars().any(char::is_control),
            "exercise.name",
            "use at most 60 characters in one line",
        )?;
        require(
            self.begins_at.is_some() == self.pretended_at.is_some(),
            "exercise.pretended_at",
            "give exercise.begins_at and exercise.pretended_at, or neither",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Exercise;
    use crate::Mode;

    fn pretending(begins_at: Option<&str>, pretended_at: Option<&str>) -> Exercise {
        let instant = |text: &str| text.parse().unwrap();
        Exercise {
            name: "三月の訓練".to_owned(),
            begins_at: begins_at.map(instant),
            pretended_at: pretended_at.map(instant),
        }
    }

    #[test]
    fn the_clock_of_an_exercise_is_as_far_ahead_as_its_settings_say() {
        let march = pretending(
            Some("2026-12-01T09:00:00+09:00"),
            Some("2027-03-30T03:17:00+09:00"),
        );
        march.check(Mode::Exercise).unwrap();
        let minutes = march.shift().unwrap().as_mins();
        assert_eq!(minutes, 118 * 24 * 60 + 18 * 60 + 17);
        assert_eq!(Exercise::default().shift(), None);
    }

    #[test]
    fn half_a_pretended_time_is_refused() {
        let half = pretending(None, Some("2027-03-30T03:17:00+09:00"));
        let error = half.check(Mode::Exercise).unwrap_err().to_string();
        assert!(error.contains("exercise.begins_at"), "{error}");
    }

    #[test]
    fn a_real_instance_has_no_exercise() {
        let error = pretending(None, None).check(Mode::Real).unwrap_err();
        assert!(error.to_string().contains("instance.mode"), "{error}");
        Exercise::default().check(Mode::Real).unwrap();
    }
}
