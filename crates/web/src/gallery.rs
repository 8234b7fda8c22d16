//! Every component in every state, to look at. Mounted in exercise and demo mode only.
