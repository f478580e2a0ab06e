//! Panels side by side, each with its points and the straight line through them.

use std::fmt::Write as _;

/// Processor time against a number.
pub(crate) struct Panel {
    /// What is counted.
    pub(crate) title: &'static str,
    /// How many, and seconds.
    pub(crate) points: Vec<(f64, f64)>,
}

const WIDTH: f64 = 290.0;
const HEIGHT: f64 = 230.0;
const LEFT: f64 = 44.0;
const TOP: f64 = 40.0;

impl Panel {
    /// The line of least squares: seconds at none, and for each.
    pub(crate) fn line(&self) -> (f64, f64) {
        let n = self.points.len() as f64;
        let sum = |f: &dyn Fn(&(f64, f64)) -> f64| self.points.iter().map(f).sum::<f64>();
        let (x, y) = (sum(&|p| p.0) / n, sum(&|p| p.1) / n);
        let each = sum(&|p| (p.0 - x) * (p.1 - y)) / sum(&|p| (p.0 - x).powi(2));
        (y - each * x, each)
    }

    fn draw(&self, to: &mut String, left: f64) {
        let most = |f: &dyn Fn(&(f64, f64)) -> f64| self.points.iter().map(f).fold(0.0, f64::max);
        let (step_x, step_y) = (step(most(&|p| p.0)), step(most(&|p| p.1)));
        let (end_x, end_y) = (
            (most(&|p| p.0) / step_x).ceil() * step_x,
            (most(&|p| p.1) / step_y).ceil() * step_y,
        );
        let at_x = |x: f64| left + LEFT + x / end_x * (WIDTH - LEFT - 16.0);
        let at_y = |y: f64| TOP + (1.0 - y / end_y) * HEIGHT;
        let (right, bottom) = (at_x(end_x), at_y(0.0));
        let mut put = |text: std::fmt::Arguments<'_>| writeln!(to, "{text}").expect("a text grows");
        for i in 0..=(end_y / step_y).round() as usize {
            let y = i as f64 * step_y;
            put(format_args!(
                r#"<path d="M{:.1} {:.1}H{right:.1}" class="grid"/><text x="{:.1}" y="{:.1}" text-anchor="end">{}</text>"#,
                at_x(0.0),
                at_y(y),
                at_x(0.0) - 6.0,
                at_y(y) + 4.0,
                number(y)
            ));
        }
        for i in 0..=(end_x / step_x).round() as usize {
            let x = i as f64 * step_x;
            put(format_args!(
                r#"<text x="{:.1}" y="{:.1}" text-anchor="middle">{}</text>"#,
                at_x(x),
                bottom + 16.0,
                number(x)
            ));
        }
        let (start, each) = self.line();
        put(format_args!(
            r#"<path d="M{:.1} {:.1}L{right:.1} {:.1}" class="line"/>"#,
            at_x(0.0),
            at_y(start),
            at_y(start + each * end_x)
        ));
        for (x, y) in &self.points {
            put(format_args!(
                r#"<circle cx="{:.1}" cy="{:.1}" r="3.5"/>"#,
                at_x(*x),
                at_y(*y)
            ));
        }
        put(format_args!(
            r#"<text x="{:.1}" y="{:.1}" text-anchor="middle">{}</text>"#,
            (at_x(0.0) + right) / 2.0,
            bottom + 34.0,
            self.title
        ));
        put(format_args!(
            r#"<text x="{:.1}" y="{:.1}" class="fit">{start:.2} s + {each:.3} s each</text>"#,
            at_x(0.0) + 8.0,
            TOP + 14.0
        ));
    }
}

/// The distance of marks: of about five.
fn step(most: f64) -> f64 {
    let raw = most / 5.0;
    let power = 10_f64.powf(raw.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|s| s * power);
    steps.into_iter().find(|s| *s >= raw * 0.999).unwrap_or(raw)
}

fn number(v: f64) -> String {
    let text = format!("{v:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// All panels as a file.
pub(crate) fn svg(panels: &[Panel]) -> String {
    let (width, height) = (panels.len() as f64 * WIDTH, TOP + HEIGHT + 44.0);
    let mut text = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12" role="img">
<title>Processor time of a check against frames, cameras and occupants</title>
<style>.grid{{stroke:#ddd}}.line{{stroke:#005aa0;fill:none}}circle{{fill:#005aa0}}.fit{{fill:#005aa0}}text{{fill:#333}}</style>
<rect width="100%" height="100%" fill="#fff"/>
<text x="8" y="22" font-weight="bold">rowcall check, parts of the sample minivan: seconds of processor time</text>
"##
    );
    for (i, panel) in panels.iter().enumerate() {
        panel.draw(&mut text, i as f64 * WIDTH);
    }
    text.push_str("</svg>\n");
    text
}
