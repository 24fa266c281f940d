//! The methods in one store: the worked estate, linked vCenters, plans and their undoing.

mod history;
mod lab;
mod linked;
mod worked;
