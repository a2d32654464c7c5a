use std::{fs, io};

/// Linux counts in hundredths of a second whatever the kernel's own tick.
const TICKS_PER_SECOND: f64 = 100.0;

/// CPU time of all threads of a process so far in seconds: `utime` and `stime` of proc(5).
pub fn cpu_seconds(process: &str) -> io::Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let ticks = ticks_of(&stat).ok_or(io::ErrorKind::InvalidData)?;
    Ok(f64::from(ticks) / TICKS_PER_SECOND)
}

/// The second field is the name, which may hold anything, so fields are counted from its end.
fn ticks_of(stat: &str) -> Option<u32> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11).map(str::parse::<u32>);
    Some(times.next()?.ok()? + times.next()?.ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_that_of_user_and_system() {
        let stat = "7 (a) name) S 1 7 7 0 -1 4194304 1 0 0 0 250 50 9 9 20 0 1 0 100";
        assert_eq!(ticks_of(stat), Some(300));
    }
}
