//! What the columns and rows of a production programme are.

/// A block of columns or rows: one quantity over the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Name {
    /// Column: leading feed of a plant, t. Index into the base's plants.
    Feed(usize),
    /// Column: dry salt harvested, t. Index into the choices of harvests.
    Take(usize),
    /// Column: whether a crew works there. Index into the choices of harvests.
    Works(usize),
    /// Column: dry salt that could be taken at the end, t; row: its balance. Index into the choices of harvests.
    Floor(usize),
    /// Column: what a stockpile holds at the end, t; row: its balance. Index into the base's stockpiles.
    Pile(usize),
    /// Column, one step: what is left in a stockpile and on the floors that are harvested to it, as far as it has a
    /// value, t; row: no more than that.
    Left(usize),
    /// Column, one step: factor on the flow that the rules give. Index into the choices of flows.
    Factor(usize),
    /// Column: stock of a product at the base at the end, t; row: its balance. Index into the products.
    Store(usize),
    /// Column: moved to the far warehouse, t.
    Shipped(usize),
    /// Column: stock of a product in the far warehouse at the end, t; row: its balance.
    Far(usize),
    /// Column: sold, t.
    Sold(usize),
    /// Column: made without room for it, t.
    Spilt(usize),
    /// Column: not delivered of a contract, t; row: at least what it asks for. A step is a month of the period that the row
    /// holds for. Index into the demands.
    Contract(usize),
    /// Row: what is harvested for a plant has its grade. Index into the grades.
    Grade(usize),
    /// Column: what the electricity of the decided plants costs, money; row: the most that can be given.
    Energy,
    /// Row: no less than a cut. Number of the cut.
    EnergyCut(usize),
    /// Row: wagons. Index into the routes.
    Wagons(usize),
    /// Row: room of the far warehouse. Index into the routes.
    Warehouse(usize),
    /// Row: a crew works in one pond at a time. Index of the first choice that has the crew.
    Crew(usize),
    /// Row: nothing is taken where no crew works. Index into the choices of harvests.
    TakeWorks(usize),
    /// Row: at least so much is taken where a crew works. Index into the choices of harvests.
    TakeLeast(usize),
    /// Column: whether a campaign begins; row: it does where work was not going on before. Index into the choices of
    /// harvests.
    Begins(usize),
    /// Row: what has begun lasts. Index into the choices of harvests.
    Stays(usize),
}
