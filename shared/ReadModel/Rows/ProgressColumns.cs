using Holoflow.Persistence.Model;
using Holoflow.Persistence.Sql;

namespace Holoflow.ReadModel.Rows;

/// <summary>The columns of progress: run_id, subject_id, fraction, count, total, message, seconds_left, sequence, at.</summary>
static class ProgressColumns
{
    public static ProgressRow Read(SqlRows rows, int first = 0) => new()
    {
        RunId = rows.Id(first),
        SubjectId = rows.Id(first + 1),
        Fraction = rows.DoubleOrNull(first + 2),
        Count = rows.LongOrNull(first + 3),
        Total = rows.LongOrNull(first + 4),
        Message = rows.TextOrNull(first + 5),
        SecondsLeft = rows.DoubleOrNull(first + 6),
        Sequence = rows.Long(first + 7),
        At = rows.Instant(first + 8),
    };
}
