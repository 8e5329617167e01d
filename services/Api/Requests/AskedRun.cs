using Holoflow.Api.Edge;

namespace Holoflow.Api.Requests;

/// <summary>What any request for a run may say beside its parameters.</summary>
sealed record AskedRun(string? Name, IReadOnlyList<string>? Tags, string? Queue, int? Priority, DateTimeOffset? At, double? DelaySeconds, DateTimeOffset? ExpiresAt)
{
    const double TenYears = 315_360_000;

    /// <summary>Notes what is wrong; when the run is due, null for at once.</summary>
    public DateTimeOffset? Check(FieldErrors errors, DateTimeOffset now)
    {
        NameRules.CheckLabel(errors, "name", Name);
        NameRules.CheckTags(errors, Tags);
        NameRules.CheckName(errors, "queue", Queue);
        if (At is not null && DelaySeconds is not null)
            errors.Add("delaySeconds", "goes not together with 'at': give one of them");
        if (DelaySeconds is { } delay && !(delay is >= 0 and <= TenYears))
            errors.Add("delaySeconds", $"must be from 0 to {TenYears} seconds");
        else if (At is { Year: < 1970 or > 9000 })
            errors.Add("at", "must be a time from 1970 to 9000");
        else if (ExpiresAt is { } expires && expires <= (DueAt(now) ?? now))
            errors.Add("expiresAt", "must be after the run is due");
        return errors.Any ? null : DueAt(now);
    }

    DateTimeOffset? DueAt(DateTimeOffset now) => At ?? (DelaySeconds is { } delay ? now + TimeSpan.FromSeconds(delay) : null);
}
