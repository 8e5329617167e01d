using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Holoflow.Api.Access;

/// <summary>The text of API tokens. Its prefix lets scanners for leaked secrets find one.</summary>
public static class ApiTokenText
{
    const string Prefix = "holoflow_";
    const string CodePrefix = "holoflow_enroll_";
    const int Bytes = 32;
    const int Shortest = 32;
    const int Longest = 200;

    /// <summary>A new token, of 256 random bits.</summary>
    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>A new enrolment code, as hard to guess as a token.</summary>
    public static string NewCode() => CodePrefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>What is kept of a token. It is random, so that a plain hash cannot be turned back.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Whether a text may be a token: 32 to 200 characters of printable ASCII without spaces.</summary>
    public static bool IsPossible(string text) => text.Length is >= Shortest and <= Longest && text.All(c => c is > ' ' and <= '~');
}
