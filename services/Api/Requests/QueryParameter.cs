namespace Holoflow.Api.Requests;

/// <summary>A parameter that a route's query may have.</summary>
/// <param name="Name">As it stands in the URL.</param>
/// <param name="Meaning">For the API's description.</param>
/// <param name="Type">What it is.</param>
/// <param name="Repeats">True: it may be given several times.</param>
sealed record QueryParameter(string Name, string Meaning, QueryType Type = QueryType.Text, bool Repeats = false);

enum QueryType
{
    Text,
    Number,
    Time,
    Id,
    Flag,
}
