namespace Holoflow.Sdk;

/// <summary>The inputs of a task run once every task that makes one of them has completed.</summary>
/// <param name="ForCacheKey">Values and sources of values; null where there is no cache key.</param>
/// <param name="ToJson">The values as a JSON array; null where the task is executed in this process.</param>
sealed record SubmittedValues(IReadOnlyList<object?>? ForCacheKey, Func<ReadOnlyMemory<byte>>? ToJson);
