namespace Holoflow.ApiModel;

/// <summary>One page of a list.</summary>
/// <param name="Items">The rows, in the order asked for.</param>
/// <param name="Next">The cursor of the page that follows; null: this is the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
