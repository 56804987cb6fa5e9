/// Names that somebody else chose, made fit to be shown in a sentence.
enum JSONPathText {
    /// The name without line ends and controls, cut after 64 characters.
    static func tamed(_ name: String) -> String {
        var text = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            if text.count == 64 {
                text.append("…")
                break
            }
            text.append(scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "?" : scalar)
        }
        return String(text)
    }
}
