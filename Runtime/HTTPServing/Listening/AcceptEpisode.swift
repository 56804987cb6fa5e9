/// Whether a listener accepts, so that a shortage is told once and its end once: at the cap, or with hardly any
/// descriptor left, accepting stops and goes on many times a second.
struct AcceptEpisode: Equatable {
    private enum State: Equatable {
        /// Accepting, and nothing has stopped it of late. Left for `paused`.
        case calm
        /// Not accepting. Left for `trying`.
        case paused
        /// Accepting, for now. Left for `paused` at once when it is stopped again, for `calm` when it is not.
        case trying
    }

    private var state = State.calm

    /// Whether nothing is accepted at present.
    var isPaused: Bool { state == .paused }

    /// Accepting stops; whether that is to be told.
    mutating func pause() -> Bool {
        defer { state = .paused }
        return state == .calm
    }

    /// Accepting goes on.
    mutating func resume() {
        if state == .paused { state = .trying }
    }

    /// Some time has passed since; whether the end of the shortage is to be told.
    mutating func settle() -> Bool {
        guard state == .trying else { return false }
        state = .calm
        return true
    }
}
