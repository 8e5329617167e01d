using Holoflow.ApiModel;

namespace Holoflow.Client;

/// <summary>The server refused a request; <see cref="Problem"/> says why.</summary>
public sealed class ApiRefusedException(Problem problem) : Exception(Describe(problem))
{
    public Problem Problem { get; } = problem;

    /// <summary>The HTTP status: 400, 401, 403, 404, 409, 413, 422…</summary>
    public int Status => Problem.Status;

    static string Describe(Problem problem) => problem.Errors is { Count: > 0 } errors
        ? string.Join("; ", errors.SelectMany(e => e.Value.Select(text => $"{e.Key}: {text}")))
        : problem.Detail ?? problem.Title;
}

/// <summary>The server could not be reached, or did not answer as an API does, for as long as the client is patient.</summary>
public sealed class ApiUnreachableException(Uri address, string reason, Exception? inner = null)
    : Exception($"the API at {address} cannot be reached: {reason}", inner)
{
    public Uri Address { get; } = address;
}
