/// A function's `page`: how its answers are paged.
public struct PageSettings: Sendable, Equatable {
    /// How a page is chosen.
    public enum Style: String, Sendable, Equatable, CaseIterable {
        /// By its number: `?page=2&limit=10`.
        case page
        /// By an opaque position: `?cursor=…&limit=10`.
        case cursor
    }

    /// How a page is chosen; default by number.
    public var style: Style
    /// Items in a page where the request says nothing; default 10, or `max` where that is less.
    public var `default`: Int
    /// Items in a page at most; default 100, or `default` where that is more.
    public var max: Int

    /// Makes the settings.
    public init(style: Style = .page, default: Int = 10, max: Int = 100) {
        self.style = style
        self.default = `default`
        self.max = max
    }
}
