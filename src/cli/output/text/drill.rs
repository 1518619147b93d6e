//! `drill`: what came late or wrong first, then every round.

use crate::cli::drill::Drilled;
use crate::cli::drill::Round;
use crate::cli::output::text::paint::Paint;
use crate::text;
use crate::text::Untrusted;
use std::io;
use std::io::Write;
use std::time::Duration;

/// Writes a drill.
pub(in crate::cli) fn drill(out: &mut dyn Write, drilled: &Drilled, paint: Paint) -> io::Result<()> {
    let (rounds, failed) = (drilled.rounds.len(), drilled.rounds.iter().filter(|round| !round.passes()).count());
    let verdict = match (failed, drilled.is_checked, drilled.promised) {
        (0, true, Some(_)) => "all in time and as expected".to_owned(),
        (0, true, None) => "all as expected".to_owned(),
        (0, false, Some(_)) => "all in time".to_owned(),
        (0, false, None) => "all answered".to_owned(),
        (failed, ..) => format!("{failed} late or wrong"),
    };
    writeln!(out, "{}: {}", paint.bold(&text::count(rounds, "round")), verdict)?;
    let promised = drilled.promised.map_or_else(
        || "no time is promised: `response: {answer: 15m}` in downriver.yaml promises one".to_owned(),
        |promised| format!("promised within {}", seconds(promised)),
    );
    writeln!(out, "answers took {}, the longest {}; {promised}\n", seconds(drilled.median()), seconds(drilled.worst()))?;
    for round in &drilled.rounds {
        self::round(out, round, paint)?;
    }
    Ok(())
}

fn round(out: &mut dyn Write, round: &Round, paint: Paint) -> io::Result<()> {
    let word = match (round.is_wrong(), round.is_late) {
        (true, _) => "WRONG",
        (false, true) => "LATE",
        (false, false) => "ok",
    };
    let n = |state: &str| round.deployments.values().filter(|own| *own == state).count();
    let word = if round.passes() { format!("{word:<6}") } else { paint.bold(&format!("{word:<6}")) };
    let component = Untrusted::new(&round.component).show();
    writeln!(out, "{word}{:>8}  {:<11} {component}", seconds(round.took), round.kind)?;
    writeln!(out, "{}{} AFFECTED, {} POSSIBLE", " ".repeat(16), n("AFFECTED"), n("POSSIBLE"))?;
    for (what, deployments) in [("missed", &round.missed), ("extra", &round.extra)] {
        for deployment in deployments {
            writeln!(out, "{}{what:<7} {}", " ".repeat(16), Untrusted::new(deployment).show())?;
        }
    }
    Ok(())
}

fn seconds(time: Duration) -> String {
    if time.subsec_millis() == 0 && time.as_secs() >= 1 {
        format!("{} s", time.as_secs())
    } else {
        format!("{:.2} s", time.as_secs_f64())
    }
}
