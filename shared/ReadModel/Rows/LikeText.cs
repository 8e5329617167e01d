namespace Holoflow.ReadModel.Rows;

/// <summary>Patterns for LIKE with <c>\</c> as escape.</summary>
static class LikeText
{
    /// <summary>Matches what contains <paramref name="text"/> as it is.</summary>
    public static string Containing(string text) =>
        $"%{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
}
