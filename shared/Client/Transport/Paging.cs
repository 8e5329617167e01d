using System.Runtime.CompilerServices;
using Holoflow.ApiModel;

namespace Holoflow.Client.Transport;

/// <summary>Walks the pages of a list.</summary>
static class Paging
{
    public static async IAsyncEnumerable<T> All<T>(Func<string?, Task<Page<T>>> page, [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? cursor = null;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            var next = await page(cursor);
            foreach (var item in next.Items)
                yield return item;
            cursor = next.Next;
        }
        while (cursor is not null);
    }
}
