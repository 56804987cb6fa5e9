/// Which part of a list a request asks for, after the gateway checked it against the manifest.
public enum PageWindow: Sendable, Hashable {
    /// `style: page`: the page's number from 1 and how many items a page has.
    case page(number: Int, limit: Int)
    /// `style: cursor`: where the last page ended (the handler's own words; nil at the start), and how many items.
    case cursor(after: String?, limit: Int)

    /// How many items at most.
    public var limit: Int {
        switch self {
        case .page(_, let limit), .cursor(_, let limit): limit
        }
    }
}
