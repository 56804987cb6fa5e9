/// The text of a value as far as it is written, and a stack of frames: one for each value that is being encoded.
///
/// A container is a frame's number. Only the frame on top can be written to, which is all that a type does that
/// encodes its members one after the other. `nestedContainer` and `superEncoder` hand out containers that may be
/// written at any time; each gets a state of its own, and its text is put in its place at the end.
final class EncodingState {
    enum Shape {
        case undecided, single, array, object
    }

    struct Frame {
        /// Never used twice in a state, so a container that outlived its value is found out.
        let serial: UInt32
        var shape = Shape.undecided
        /// Whether it is a dictionary, whose keys no key strategy may change.
        let keepsKeys: Bool
        /// Where in the text the frame's own key or value begins.
        let start: Int
        /// Its position, if it lies in an array.
        let ordinal: Int
        /// Arrays: the number of elements.
        var count = 0
    }

    /// What to go back to when a value fails and its container goes on.
    struct Mark {
        let byteCount: Int
        let needsComma: Bool
        let partCount: Int
        let frameCount: Int
        let elementCount: Int
    }

    private struct Part {
        let offset: Int
        let state: EncodingState
    }

    // One thread at a time, and no call made during a write comes back here, so the checks would find nothing.
    @exclusivity(unchecked) var writer: JSONWriter
    @exclusivity(unchecked) private(set) var frames: [Frame] = []
    /// The serial of the frame on top, 0 without one.
    @exclusivity(unchecked) private(set) var top: UInt32 = 0
    /// Where the member or element begins that is being written.
    @exclusivity(unchecked) var memberStart = 0
    let session: EncodingSession
    private var lastSerial: UInt32 = 0
    private var parts: [Part] = []
    /// The path of the container that this is, for one that has a state of its own.
    let prefix: JSONPath

    /// A state that takes the writer's bytes; `finish(into:)` gives them back.
    init(writer: inout JSONWriter, session: EncodingSession) {
        self.writer = JSONWriter(reservingCapacity: 0)
        self.session = session
        prefix = []
        swap(&self.writer, &writer)
    }

    /// The state of a container that is written apart.
    private init(apart prefix: JSONPath, shape: Shape, session: EncodingSession) {
        writer = JSONWriter()
        self.session = session
        self.prefix = prefix
        push(keepsKeys: false)
        open(shape)
    }

    // MARK: Frames

    /// Encodes a value where the writer is.
    func encode<Value: Encodable>(_ value: Value) throws {
        // Safe: each cast is to the type that was just found to be the same.
        if Value.self == String.self { return writer.string(unsafeBitCast(value, to: String.self)) }
        if Value.self == Int.self { return writer.integer(unsafeBitCast(value, to: Int.self)) }
        if Value.self == Double.self { return try write(unsafeBitCast(value, to: Double.self)) }
        if Value.self == JSONValue.self { return writer.value(unsafeBitCast(value, to: JSONValue.self)) }
        if let form = FoundationForms.shared.form(of: Value.self) { return try form.encode(value, to: self) }
        guard prefix.elements.count + frames.count < session.options.maxDepth else {
            throw failure(value, "values are nested deeper than \(session.options.maxDepth)")
        }
        push(keepsKeys: session.options.keys != .asWritten && value is any VerbatimKeyed)
        try value.encode(to: ValueEncoder(state: self, serial: top))
        pop()
    }

    func write(_ value: Double) throws {
        guard value.isFinite else { throw failure(value, "\(value) has no JSON form") }
        writer.double(value)
    }

    func write(_ value: Float) throws {
        guard value.isFinite else { throw failure(value, "\(value) has no JSON form") }
        writer.double(value)
    }

    private func push(keepsKeys: Bool) {
        lastSerial += 1
        top = lastSerial
        frames.append(
            Frame(
                serial: top, keepsKeys: keepsKeys, start: memberStart, ordinal: (frames.last?.count ?? 0) - 1)
        )
    }

    private func pop() {
        switch frames.popLast()?.shape {
        case .object: writer.endObject()
        case .array: writer.endArray()
        case .undecided:
            // Nothing was encoded; the document needs a value all the same.
            writer.beginObject()
            writer.endObject()
        case .single, nil: break
        }
        top = frames.last?.serial ?? 0
    }

    private func open(_ shape: Shape) {
        frames[frames.count - 1].shape = shape
        if shape == .object { writer.beginObject() }
        if shape == .array { writer.beginArray() }
    }

    /// Makes the frame on top an object or array. A type may ask for the same container twice, as a class and its
    /// superclass do; whoever asks for two different ones writes to a place that is thrown away, and the call fails.
    func container(_ shape: Shape, of serial: UInt32) -> (state: EncodingState, serial: UInt32) {
        if serial == top, let current = frames.last?.shape {
            if current == .undecided { open(shape) }
            if current == .undecided || current == shape { return (self, serial) }
        }
        session.record(misuse())
        let lost = EncodingState(apart: path, shape: shape, session: session)
        return (lost, lost.top)
    }

    /// Begins an array's element.
    func beginElement(of serial: UInt32) throws {
        guard serial == top else { throw misuse() }
        frames[frames.count - 1].count += 1
        memberStart = writer.count
    }

    /// Begins the one value of a type that is written as another one.
    func beginSingle(of serial: UInt32) throws {
        guard serial == top, frames.last?.shape == .undecided else { throw misuse() }
        frames[frames.count - 1].shape = .single
    }

    func elementCount(of serial: UInt32) -> Int {
        frames.last { $0.serial == serial }?.count ?? 0
    }

    // MARK: Containers written apart

    /// Leaves a place, where the writer is, for a container that may be written later.
    func apart(_ shape: Shape) -> (state: EncodingState, serial: UInt32) {
        let state = EncodingState(apart: path.appendingStep(step), shape: shape, session: session)
        if prefix.elements.count + frames.count >= session.options.maxDepth {
            session.record(failure(0, "values are nested deeper than \(session.options.maxDepth)"))
        } else {
            writer.separate()
            parts.append(Part(offset: writer.count, state: state))
            writer.needsComma = true
        }
        return (state, state.top)
    }

    /// Closes what is open, puts the parts in their places and gives the text back.
    func finish(into target: inout JSONWriter) {
        while !frames.isEmpty { pop() }
        if !parts.isEmpty {
            var whole = JSONWriter(reservingCapacity: writer.count * 2)
            appendWhole(to: &whole)
            whole.needsComma = writer.needsComma
            writer = whole
        }
        swap(&writer, &target)
    }

    private func appendWhole(to target: inout JSONWriter) {
        while !frames.isEmpty { pop() }
        var position = 0
        for part in parts {
            target.append(writer.bytes[position..<part.offset])
            part.state.appendWhole(to: &target)
            position = part.offset
        }
        target.append(writer.bytes[position...])
    }

    // MARK: Going back

    var mark: Mark {
        Mark(
            byteCount: writer.count, needsComma: writer.needsComma, partCount: parts.count,
            frameCount: frames.count,
            elementCount: frames.last?.count ?? 0)
    }

    func rollBack(to mark: Mark) {
        writer.rollBack(to: mark.byteCount, needsComma: mark.needsComma)
        parts.removeLast(parts.count - mark.partCount)
        frames.removeLast(frames.count - mark.frameCount)
        top = frames.last?.serial ?? 0
        if !frames.isEmpty { frames[frames.count - 1].count = mark.elementCount }
    }
}
