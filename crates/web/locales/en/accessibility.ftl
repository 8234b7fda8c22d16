# Accessibility policy
accessibility-title = Accessibility policy
accessibility-lead = Everyone should be able to complete the same procedures in Noroshi, whatever their age, abilities or device.
accessibility-target-heading = Target
accessibility-target = Our target is level AA of { $wcag } and conformity with level AA of { $jis }, for every page of this site.
accessibility-do-heading = What we do
accessibility-do-keyboard = Everything works with the keyboard alone. A thick frame shows where you are.
accessibility-do-script = Notifications and reports can be completed without JavaScript.
accessibility-do-zoom = Nothing is lost at twice the text size or on a screen 320 pixels wide.
accessibility-do-colour = States are shown in words and symbols, not by colour alone, and can be read with forced colours.
accessibility-do-time = We warn you before your session ends and let you extend it. Drafts are saved automatically.
accessibility-do-error = Errors are listed at the top of the page, in words that say how to correct them.
accessibility-test-heading = Tests
accessibility-test = An automated check (axe-core) runs with every change of the pages. Results of tests under the standard have not been published yet.
accessibility-contact-heading = Your comments
accessibility-contact = Tell us if something is hard to use.
