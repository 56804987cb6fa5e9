/// A function's `stream`: what is not gathered first.
public struct StreamSettings: Sendable, Equatable {
    /// Whether the request's body goes to the handler as it comes; default false.
    public var request: Bool

    /// Makes the settings.
    public init(request: Bool = false) {
        self.request = request
    }
}
