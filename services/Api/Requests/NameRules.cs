using Holoflow.Api.Edge;

namespace Holoflow.Api.Requests;

/// <summary>What names and texts may be. Anything else is kept as it is: it is never interpreted.</summary>
static class NameRules
{
    public const int MaxLength = 200;

    public const int MaxTextLength = 10_000;

    public const int MaxTags = 100;

    /// <summary>Names that stand in paths and in <c>FLOW/NAME</c>.</summary>
    public static void CheckName(FieldErrors errors, string field, string? name)
    {
        if (name is null)
            return;
        CheckLabel(errors, field, name);
        if (name.Contains('/') || name is "." or "..")
            errors.Add(field, "must not hold '/' nor be '.' or '..'");
    }

    /// <summary>Names that people read.</summary>
    public static void CheckLabel(FieldErrors errors, string field, string? label)
    {
        if (label is null)
            return;
        if (label.Length is 0 or > MaxLength || string.IsNullOrWhiteSpace(label))
            errors.Add(field, $"must have 1 to {MaxLength} characters");
        if (label.Any(char.IsControl))
            errors.Add(field, "must not hold control characters");
    }

    public static void CheckText(FieldErrors errors, string field, string? text)
    {
        if (text is null)
            return;
        if (text.Length > MaxTextLength)
            errors.Add(field, $"must have at most {MaxTextLength} characters");
        if (text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
            errors.Add(field, "must not hold control characters");
    }

    public static void CheckTags(FieldErrors errors, IReadOnlyList<string>? tags)
    {
        if (tags is null)
            return;
        if (tags.Count > MaxTags)
            errors.Add("tags", $"must be at most {MaxTags}");
        for (var i = 0; i < Math.Min(tags.Count, MaxTags); i++)
        {
            if (tags[i] is null)
                errors.Add($"tags[{i}]", "must be a text");
            else
                CheckLabel(errors, $"tags[{i}]", tags[i]);
        }
    }

    public static void CheckPath(FieldErrors errors, string field, string? path)
    {
        if (path is null)
            return;
        if (!path.StartsWith('/') || path.Length > 4096 || path.Any(c => c == '\0'))
            errors.Add(field, "must be an absolute path of at most 4096 characters");
    }
}
