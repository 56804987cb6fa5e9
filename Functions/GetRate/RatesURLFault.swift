/// `RATES_URL` is no address of an HTTP service; told at the start, not by each request.
struct RatesURLFault: Error, CustomStringConvertible {
    let url: String

    var description: String {
        "The environment variable RATES_URL is \"\(url)\"; write an address such as https://rates.example.com/latest"
    }
}
