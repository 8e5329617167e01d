using Holoflow.ApiModel;

namespace Holoflow.Api.Edge;

/// <summary>Ends a request with a problem for the one who asked.</summary>
sealed class RefusedException(Problem problem) : Exception(problem.Detail ?? problem.Title)
{
    public Problem Problem { get; } = problem;

    public static RefusedException BadRequest(string detail) => Of(400, "Bad request", detail);

    public static RefusedException BadFields(IReadOnlyDictionary<string, IReadOnlyList<string>> errors, int status = 400) => new(new Problem
    {
        Title = status switch { 409 => "Conflict", 413 => "Too large", 422 => "Not valid", _ => "Bad request" },
        Status = status,
        Detail = errors.Count == 1 ? $"{errors.First().Key}: {errors.First().Value[0]}" : $"{errors.Count} fields are wrong",
        Errors = errors,
    });

    public static RefusedException BadField(string field, string message, int status = 400) =>
        BadFields(new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [field] = [message] }, status);

    public static RefusedException NotFound(string detail) => Of(404, "Not found", detail);

    public static RefusedException Conflict(string detail) => Of(409, "Conflict", detail);

    public static RefusedException Of(int status, string title, string detail) => new(new Problem { Title = title, Status = status, Detail = detail });
}
