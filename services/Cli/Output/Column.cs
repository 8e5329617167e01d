namespace Holoflow.Cli.Output;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Of">The text of a row's cell.</param>
/// <param name="ToRight">True for numbers.</param>
/// <param name="MayShrink">True where the text is cut first when the terminal is narrow.</param>
sealed record Column<T>(string Title, Func<T, string?> Of, bool ToRight = false, bool MayShrink = false);
