/// How far a worker is.
enum WorkerPhase: Equatable {
    /// SETUP has not come. Exits: starting, ended.
    case greeting
    /// The function's `init` runs; requests wait. Exits: serving, leaving.
    case starting
    /// Requests are handled. Exits: stopping, ended.
    case serving
    /// DRAIN or SIGTERM came: what runs is finished, nothing is begun. Exits: leaving.
    case stopping
    /// The last frame is in the buffer; once it is written the process ends with this code.
    case leaving(Int32)
}
