using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Holoflow.Api.Edge;

namespace Holoflow.Api.Requests;

/// <summary>
/// Where a page ended: the sort key of its last row, bound to the list it belongs to. It holds nothing secret and grants
/// nothing; a row that is deleted in between disturbs it not.
/// </summary>
static class Cursor
{
    const int TagLength = 6;

    /// <param name="list">What list with what conditions.</param>
    /// <param name="key">The sort key.</param>
    public static string Write(string list, string key)
    {
        var text = Encoding.UTF8.GetBytes(key);
        var bytes = new byte[TagLength + text.Length];
        Tag(list).CopyTo(bytes);
        text.CopyTo(bytes, TagLength);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The sort key to go on after; null: from the start.</summary>
    /// <exception cref="RefusedException">It is no cursor of this list.</exception>
    public static string? Read(string list, string? cursor)
    {
        if (cursor is null)
            return null;
        var bytes = new byte[cursor.Length];
        if (!Base64Url.IsValid(cursor) || !Base64Url.TryDecodeFromChars(cursor, bytes, out var length) || length <= TagLength)
            throw RefusedException.BadField("cursor", "is no cursor: give what 'next' of the page before says");
        if (!bytes.AsSpan(0, TagLength).SequenceEqual(Tag(list)))
            throw RefusedException.BadField("cursor", "belongs to a list with other conditions: start again without it");
        return Encoding.UTF8.GetString(bytes, TagLength, length - TagLength);
    }

    static ReadOnlySpan<byte> Tag(string list) => SHA256.HashData(Encoding.UTF8.GetBytes(list)).AsSpan(0, TagLength);
}
