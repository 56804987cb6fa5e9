/// Paths are not kept while encoding: each key stands in the text that was written, and is read from there.
extension EncodingState {
    /// The path of the value whose frame is on top.
    var path: JSONPath {
        var path = prefix
        for index in frames.indices.dropFirst() {
            path = path.appendingStep(
                step(in: frames[index - 1], start: frames[index].start, ordinal: frames[index].ordinal))
        }
        return path
    }

    /// The step to the member or element that is being written, nil if the value on top has none.
    var step: JSONPath.Element? {
        frames.last.flatMap { step(in: $0, start: memberStart, ordinal: $0.count - 1) }
    }

    func codingPath(of serial: UInt32) -> [any CodingKey] {
        serial == top ? path.codingPath : prefix.codingPath
    }

    /// The error for the value that is being written.
    func failure(_ value: Any, _ sentence: String) -> EncodingError {
        .invalidValue(
            value, .init(codingPath: path.appendingStep(step).codingPath, debugDescription: sentence))
    }

    /// The error for a container that is not, or no longer, the one to be written to.
    func misuse() -> EncodingError {
        .invalidValue(
            0,
            .init(
                codingPath: path.codingPath,
                debugDescription:
                    "the type's encode(to:) uses its containers in a way that makes no JSON value"))
    }

    private func step(in frame: Frame, start: Int, ordinal: Int) -> JSONPath.Element? {
        switch frame.shape {
        case .object: key(at: start).map { .key($0) }
        case .array: .index(ordinal)
        case .single, .undecided: nil
        }
    }

    /// The key that stands in the text at a position, perhaps behind a comma.
    private func key(at start: Int) -> String? {
        guard start < writer.count else { return nil }
        let first = writer.bytes[start] == UInt8(ascii: ",") ? start + 1 : start
        var end = first + 1
        while end < writer.count, writer.bytes[end] != UInt8(ascii: "\"") {
            end += writer.bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < writer.count else { return nil }
        return (try? JSONValue.parse(Array(writer.bytes[first...end])))?.stringValue
    }
}

extension JSONPath {
    /// The path with a step more if there is one.
    func appendingStep(_ step: Element?) -> JSONPath { step.map { appending($0) } ?? self }
}
