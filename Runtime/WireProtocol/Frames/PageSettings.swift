/// How a function's lists are paged, from its manifest entry `page`.
public struct PageSettings: Sendable, Hashable {
    /// The two ways to page.
    public enum Style: UInt8, Sendable {
        /// By number, with a total.
        case page = 1
        /// By an opaque position.
        case cursor = 2
    }

    /// The way.
    public var style: Style
    /// Items of a page when the request does not say.
    public var defaultLimit: Int
    /// Items of a page at most.
    public var maxLimit: Int

    /// Settings; see the properties.
    public init(style: Style, defaultLimit: Int, maxLimit: Int) {
        self.style = style
        self.defaultLimit = defaultLimit
        self.maxLimit = maxLimit
    }
}
