using System.Text;

namespace Holoflow.Holography.Fits;

/// <summary>The cards of a header unit in order, without the END card.</summary>
public sealed class FitsHeader
{
    internal const int BlockLength = 2880;
    readonly List<FitsCard> _cards = [];

    public IReadOnlyList<FitsCard> Cards => _cards;

    /// <summary>Appends a logical card (FITS standard 4.0, 4.2.2).</summary>
    /// <exception cref="FitsFormatException">The keyword or comment cannot stand in a card.</exception>
    public FitsHeader Add(string keyword, bool value, string comment = "") => Add(new FitsCard(keyword, value, comment));

    /// <summary>Appends an integer card (4.2.3).</summary>
    public FitsHeader Add(string keyword, long value, string comment = "") => Add(new FitsCard(keyword, value, comment));

    /// <summary>Appends a floating-point card (4.2.4); the value is finite, in the unit that the keyword is defined with.</summary>
    public FitsHeader Add(string keyword, double value, string comment = "") => Add(new FitsCard(keyword, value, comment));

    /// <summary>Appends a text card (4.2.1).</summary>
    public FitsHeader Add(string keyword, string value, string comment = "") => Add(new FitsCard(keyword, value, comment));

    /// <summary>Appends a card; the order of the cards is kept.</summary>
    public FitsHeader Add(FitsCard card)
    {
        _cards.Add(card);
        return this;
    }

    /// <summary>Appends cards in their order.</summary>
    public FitsHeader AddRange(IEnumerable<FitsCard> cards)
    {
        _cards.AddRange(cards);
        return this;
    }

    /// <summary>Adds HISTORY cards, as many as the text needs.</summary>
    public FitsHeader AddHistory(string text) => AddRange(FitsCard.Commentary("HISTORY", text));

    /// <summary>Adds COMMENT cards, as many as the text needs.</summary>
    public FitsHeader AddComment(string text) => AddRange(FitsCard.Commentary("COMMENT", text));

    /// <summary>The world coordinates of an axis (Greisen and Calabretta 2002, section 2).</summary>
    /// <param name="axis">The axis, from 1.</param>
    /// <param name="type">CTYPE.</param>
    /// <param name="value">CRVAL, the coordinate at the reference pixel.</param>
    /// <param name="increment">CDELT, coordinate per pixel.</param>
    /// <param name="pixel">CRPIX, the reference pixel, counted from 1.</param>
    /// <param name="unit">CUNIT, left out where it is empty.</param>
    public FitsHeader AddAxis(int axis, string type, double value, double increment, double pixel, string unit = "")
    {
        Add($"CTYPE{axis}", type).Add($"CRVAL{axis}", value).Add($"CDELT{axis}", increment).Add($"CRPIX{axis}", pixel);
        return unit.Length > 0 ? Add($"CUNIT{axis}", unit) : this;
    }

    /// <summary>Whether a card has this keyword.</summary>
    public bool Contains(string keyword) => Find(keyword) is not null;

    /// <summary>The value of a number card.</summary>
    /// <exception cref="FitsFormatException">There is no such card, or it holds no number.</exception>
    public double GetDouble(string keyword) => Required(keyword) switch
    {
        double number => number,
        long number => number,
        var other => throw new FitsFormatException($"The card {keyword} holds '{other}', not a number."),
    };

    /// <summary>The value of an integer card.</summary>
    /// <exception cref="FitsFormatException">There is no such card, or it holds no integer.</exception>
    public long GetInteger(string keyword) => Required(keyword) is long number
        ? number
        : throw new FitsFormatException($"The card {keyword} holds '{Required(keyword)}', not an integer.");

    /// <summary>The value of a string card.</summary>
    /// <exception cref="FitsFormatException">There is no such card, or it holds no string.</exception>
    public string GetText(string keyword) => Required(keyword) as string
        ?? throw new FitsFormatException($"The card {keyword} holds '{Required(keyword)}', not a string.");

    /// <summary>The value of a card, or null where there is none.</summary>
    public object? Find(string keyword) => _cards.Find(card => string.Equals(card.Keyword, keyword, StringComparison.Ordinal))?.Value;

    internal void Replace(string keyword, object value)
    {
        int at = _cards.FindLastIndex(card => string.Equals(card.Keyword, keyword, StringComparison.Ordinal));
        _cards[at] = _cards[at] with { Value = value };
    }

    /// <summary>The header as it stands in a file: cards, END, filled with blanks to whole blocks.</summary>
    internal byte[] ToBytes()
    {
        var text = new StringBuilder();
        foreach (FitsCard card in _cards)
            text.Append(card.Format());
        text.Append("END".PadRight(FitsCard.Length));
        int blocks = (text.Length + BlockLength - 1) / BlockLength;
        return Encoding.ASCII.GetBytes(text.ToString().PadRight(blocks * BlockLength));
    }

    object Required(string keyword) => Find(keyword) ?? throw new FitsFormatException($"The card {keyword} is missing.");
}
