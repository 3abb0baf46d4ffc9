"""From a finding to a decision to a changed network: states, guards, figures; pure rules."""
